// Where TypeScript can be broken a little, as a person might: signs, conditions, numbers, calls.
import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { parse } from "acorn";
import { transform } from "esbuild";

const SIGNS = {
  "<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "===", "+": "-", "-": "+", "*": "/", "/": "*",
  "%": "*", "&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<", "&&": "||", "||": "&&", "??": "&&",
  "+=": "-=", "-=": "+=", "*=": "/=", "|=": "&=", "^=": "|=", "&&=": "||=", "||=": "&&=", "??=": "&&=", "++": "--", "--": "++",
};
const CALLS = {
  min: "max", max: "min", floor: "ceil", ceil: "floor", round: "floor", some: "every", every: "some",
  add: "delete", find: "findLast", findIndex: "findLastIndex", indexOf: "lastIndexOf", lastIndexOf: "indexOf",
};
// What only draws is seen in Chromium, not by tests that run without a browser.
const DRAWING = new Set(["draw", "strokeTwice"]);

/** All breaks of a file under `root`: with the line that is broken, and how the file reads then, as JavaScript. */
export async function breaksOf(root, path) {
  const source = await readFile(join(root, path), "utf8");
  const { code, map } = await transform(source, { loader: "ts", target: "es2022", sourcemap: true, sourcefile: path });
  const origin = new SourceMap(JSON.parse(map));
  const found = [];
  walk(parse(code, { ecmaVersion: 2022, sourceType: "module" }), code, (kind, start, end, text) => {
    const before = code.slice(0, start);
    const row = before.split("\n").length - 1;
    const broken = before + text + code.slice(end);
    const line = (origin.findEntry(row, start - before.lastIndexOf("\n") - 1).originalLine ?? row) + 1;
    found.push({ path, kind, line, before: lineAt(code, row), after: lineAt(broken, row), code: broken });
  });
  return found;
}

const lineAt = (code, row) => code.split("\n")[row].trim();

function walk(node, code, tell) {
  if (DRAWING.has(node.key?.name ?? node.id?.name) || node.operator === "void") return;
  breaks[node.type]?.(node, code, tell);
  for (const [name, value] of Object.entries(node)) {
    if (name === "key" && !node.computed) continue;
    for (const child of [value].flat()) if (child && typeof child.type === "string") walk(child, code, tell);
  }
}

const sign = ({ operator, left, right }, code, tell) => {
  if (!(operator in SIGNS)) return;
  const at = code.indexOf(operator, left.end);
  if (at < right.start) tell("sign", at, at + operator.length, SIGNS[operator]);
};
const condition = ({ test }, _, tell) => {
  if (!test) return;
  tell("always", test.start, test.end, "true");
  tell("never", test.start, test.end, "false");
};

const breaks = {
  BinaryExpression: sign,
  LogicalExpression: sign,
  AssignmentExpression: sign,
  IfStatement: condition,
  ConditionalExpression: condition,
  UpdateExpression({ operator, prefix, start, end }, _, tell) {
    const at = prefix ? start : end - 2;
    tell("sign", at, at + 2, SIGNS[operator]);
  },
  UnaryExpression({ operator, argument, start }, _, tell) {
    if (operator === "!") tell("not", start, argument.start, "");
    if (operator === "-") tell("sign", start, argument.start, "+");
  },
  Literal({ value, start, end }, _, tell) {
    if (typeof value === "boolean") tell("truth", start, end, String(!value));
    if (typeof value === "number") tell("number", start, end, String(value === 1 ? 0 : value + 1));
  },
  ExpressionStatement({ expression, start, end }, _, tell) {
    if (expression.type !== "Literal") tell("left out", start, end, ";");
  },
  MemberExpression({ property, computed }, _, tell) {
    if (!computed && Object.hasOwn(CALLS, property.name)) tell("call", property.start, property.end, CALLS[property.name]);
  },
  SpreadElement({ start, end }, code, tell) {
    if (code[start - 1] !== "(" || code[end] !== ")") tell("left out", start, end, "...[]");
  },
  ContinueStatement: ({ start, end }, _, tell) => tell("way", start, end, "break;"),
  BreakStatement: ({ start, end }, _, tell) => tell("way", start, end, "continue;"),
};
