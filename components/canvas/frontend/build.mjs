// Bundles src/main.ts into ../canvas.js, the one file that running the app needs.
// With --check nothing is written: the committed file must be what would be written.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const LARGEST = 300_000;
const here = new URL(".", import.meta.url);
const target = fileURLToPath(new URL("../canvas.js", here));

const fresh = await bundled();
if (fresh.byteLength > LARGEST) {
  fail(`canvas.js would be ${fresh.byteLength} bytes, more than ${LARGEST}: leave something out.`);
} else if (!process.argv.includes("--check")) {
  await writeFile(target, fresh);
} else if (!fresh.equals(await committed())) {
  fail("components/canvas/canvas.js is not what its TypeScript makes: run make canvas and commit it.");
}

async function bundled() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints: ["src/main.ts"],
    bundle: true,
    charset: "utf8",
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    minify: true,
    target: "es2022",
    write: false,
  });
  return Buffer.from(outputFiles[0].contents);
}

async function committed() {
  try {
    return await readFile(target);
  } catch (error) {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
