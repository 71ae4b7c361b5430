/** The English sentences, as the page hands them in. */

import catalogue from "../../../../beltmask/messages/english/canvas.toml";
import { useSentences, type Sentences } from "../src/sentences";

const LINE = /^(\w+) = (?:(["'])(.*)\2|\{ one = "(.*)", other = "(.*)" \})$/gm;

export const ENGLISH: Sentences = Object.fromEntries(
  [...catalogue.matchAll(LINE)].map(([, name, , plain, one, other]) => [
    `canvas.${name}`, plain ?? { one: one!, other: other! },
  ]),
);

useSentences(ENGLISH);
