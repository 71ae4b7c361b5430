import assert from "node:assert/strict";
import test from "node:test";
import { roundToStep, sliderRange, sliderStep, windowedUrl, withWindowEnd } from "../src/intensity_window";

const XRAY = { low: 310, high: 2875, bits: 16 };
const HEAT = { low: -0.25, high: 0.75, bits: 32 };

test("a window stands in the address, and none leaves the choice to the server", () => {
  assert.equal(windowedUrl("/a/picture", [100, 4000.5]), "/a/picture?window=100,4000.5");
  assert.equal(windowedUrl("/a/picture", null), "/a/picture");
});

test("the end that is moved takes the other one along", () => {
  assert.deepEqual(withWindowEnd([310, 2875], 0, 500, 10), [500, 2875]);
  assert.deepEqual(withWindowEnd([310, 2875], 0, 3000, 10), [3000, 3010]);
  assert.deepEqual(withWindowEnd([310, 2875], 1, 200, 10), [190, 200]);
});

test("a window of enormous samples comes through an address", () => {
  assert.equal(windowedUrl("/p.jpg", [-1, 1e21]), "/p.jpg?window=-1,1e%2B21");
});

test("a slider's end stands on whole steps, without remnants of fractions", () => {
  assert.equal(sliderStep(XRAY), 10);
  assert.equal(sliderStep(HEAT), 0.001);
  assert.equal(roundToStep(0.1 + 0.2, 0.001), 0.3);
  assert.deepEqual([roundToStep(0.26, 0.1), roundToStep(0.24, 0.1)], [0.3, 0.2]);
  assert.deepEqual(withWindowEnd([-0.25, 0.75], 0, 0.8, 0.001), [0.8, 0.801]);
});

test("a sample that was typed stays as it was typed", () => {
  assert.deepEqual(withWindowEnd([310, 2875], 0, 1234, 10), [1234, 2875]);
  assert.deepEqual(withWindowEnd([310, 2875], 1, 123.5, 10), [110, 123.5]);
});

test("sliders go as far again on either side, below nothing only where samples have a sign", () => {
  assert.deepEqual(sliderRange(XRAY), [0, 5440]);
  assert.deepEqual(sliderRange(HEAT), [-1.25, 1.75]);
});

test("samples that begin at nothing have no sign", () => {
  assert.deepEqual(sliderRange({ low: 0, high: 200, bits: 16 }), [0, 400]);
  assert.deepEqual(sliderRange({ low: 500, high: 700, bits: 16 }), [300, 900]);
});
