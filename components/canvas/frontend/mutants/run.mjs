// How many small breaks of the canvas's code do its tests notice?
//
// node mutants/run.mjs [--count 100] [--seed 1] [--minutes 15] [--only src/journal.ts]
//
// A seeded sample of breaks is tried one by one against the tests that reach the broken file. Printed
// are those nobody noticed, those judged to change nothing (unchanged.json) with the reason, and the
// share of the others that was noticed. Ends with 1 below the aim.
import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { breaksOf } from "./breaks.mjs";
import { Trial } from "./trial.mjs";

const AIM = 0.95;
const root = fileURLToPath(new URL("..", import.meta.url));
// What only puts elements on the page or draws is tried in Chromium.
const PAGE = new Set([
  "canvas_app", "component", "conflict_panel", "connection_dialog", "contact_sheet/contact_sheet", "contact_sheet/object_tile",
  "contact_sheet/protocol", "contact_sheet/styles", "dom", "help", "intensity_window_controls", "keyboard", "main", "model_comparison",
  "notices", "object_list", "overlay", "picture_view", "protocol", "side_panel", "stage", "status_bar", "styles", "toolbar",
  "view_settings",
].map((name) => `src/${name}.ts`));

const asked = parseArgs({ options: {
  count: { type: "string", default: "100" }, seed: { type: "string", default: "1" },
  minutes: { type: "string", default: "15" }, only: { type: "string", default: "" },
} }).values;
const until = performance.now() + Number(asked.minutes) * 60_000;
const judged = JSON.parse(await readFile(new URL("unchanged.json", import.meta.url), "utf8"));

const trial = await Trial.of(root);
const sample = shuffled(await allBreaks(), Number(asked.seed)).slice(0, Number(asked.count));
const unchanged = sample.filter(reasonOf);
const rest = sample.filter((each) => !reasonOf(each));
for (const each of unchanged) console.log(`changes nothing: ${shown(each)}\n    ${reasonOf(each)}`);
if (await trial.fails(trial.names)) throw new Error("the tests fail before anything is broken");
const verdicts = await tried(rest);
const noticed = verdicts.filter(Boolean).length;
const share = verdicts.length ? noticed / verdicts.length : 0;
console.log(`${sample.length} breaks, ${unchanged.length} of them change nothing, ${rest.length - verdicts.length} not reached in the time`);
console.log(`noticed: ${noticed} of ${verdicts.length}, ${(100 * share).toFixed(1)} % (aim ${100 * AIM} %)`);
process.exitCode = share < AIM ? 1 : 0;

/** One of each kind a line: long lines of numbers shall not fill the sample. */
async function allBreaks() {
  const names = (await readdir(`${root}src`, { recursive: true })).map((name) => `src/${name.replaceAll("\\", "/")}`);
  const paths = names.filter((name) => name.endsWith(".ts") && !PAGE.has(name) && name.startsWith(asked.only)).sort();
  const found = new Map();
  for (const each of (await Promise.all(paths.map((path) => breaksOf(root, path)))).flat()) {
    const place = `${each.path}:${each.line} ${each.kind}`;
    found.set(place, [...(found.get(place) ?? []), each]);
  }
  return [...found.values()].map((same, i) => same[i % same.length]);
}

async function tried(breaks) {
  const verdicts = [];
  const waiting = [...breaks];
  const worker = async () => {
    for (let next = waiting.shift(); next && performance.now() < until; next = waiting.shift()) {
      const noticed = await trial.notices(next);
      if (!noticed) console.log(`nobody noticed: ${shown(next)}`);
      verdicts.push(noticed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return verdicts;
}

function reasonOf({ path, before, after }) {
  return judged.find((each) => each.path === path && each.before === before && each.after === after)?.reason;
}

function shown({ path, line, before, after }) {
  return `${path}:${line}\n    - ${before}\n    + ${after}`;
}

/** In an order that is the same for the same seed and code. */
function shuffled(all, seed) {
  let state = (seed * 48_271 + 11) % 2_147_483_647;
  const roll = (below) => Math.floor(((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647) * below);
  const list = [...all];
  for (let i = list.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
