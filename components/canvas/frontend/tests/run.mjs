// Bundles every *.test.ts beside this file and runs them in one process: starting one for each takes longer than the tests.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const names = (await readdir(here)).filter((name) => name.endsWith(".test.ts")).sort();
const folder = await mkdtemp(join(tmpdir(), "canvas-tests-"));
const bundle = join(folder, "tests.mjs");
try {
  await build({
    stdin: { contents: ["english", ...names].map((name) => `import "./${name}";`).join("\n"), resolveDir: here },
    loader: { ".toml": "text" },
    bundle: true,
    format: "esm",
    outfile: bundle,
    platform: "node",
    sourcemap: "inline",
    target: "node20",
  });
  const flags = ["--enable-source-maps", "--test-reporter=spec"];
  process.exitCode = spawnSync(process.execPath, [...flags, bundle], { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(folder, { recursive: true });
}
