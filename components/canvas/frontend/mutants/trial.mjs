// Bundles the tests that reach a file, with a break in it, and runs them in one process.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { build } from "esbuild";

const LIMIT_MS = 60_000;

export class Trial {
  constructor(root, names, reach) {
    this.root = root;
    this.names = names;
    this.reach = reach;
  }

  /** Reads once which tests reach which file. */
  static async of(root) {
    const names = (await readdir(join(root, "tests"))).filter((name) => name.endsWith(".test.ts")).sort();
    const reach = new Map();
    for (const name of names) {
      const { metafile } = await bundled(root, [name], { metafile: true });
      for (const path of Object.keys(metafile.inputs)) reach.set(path, [...(reach.get(path) ?? []), name]);
    }
    return new Trial(root, names, reach);
  }

  /** Whether the tests notice the break; one that never ends is noticed too. */
  async notices({ path, code }) {
    const isBroken = (file) => relative(this.root, file).replaceAll("\\", "/") === path;
    const plugin = { name: "break", setup: (bundle) => bundle.onLoad({ filter: /\.ts$/ }, (file) => (
      isBroken(file.path) ? { contents: code, loader: "js" } : undefined
    )) };
    const names = this.reach.get(path) ?? [];
    return names.length > 0 && this.fails(names, [plugin]);
  }

  async fails(names, plugins = []) {
    const folder = await mkdtemp(join(tmpdir(), "canvas-mutant-"));
    try {
      const { outputFiles } = await bundled(this.root, names, { plugins });
      const bundle = join(folder, "tests.mjs");
      await writeFile(bundle, outputFiles[0].contents);
      return (await exitCode(bundle)) !== 0;
    } catch (error) {
      if (error.errors) return true; // the bundler noticed
      throw error;
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

function bundled(root, names, more) {
  return build({
    absWorkingDir: root, bundle: true, format: "esm", platform: "node", target: "node20", write: false, logLevel: "silent",
    stdin: { contents: ["english", ...names].map((name) => `import "./${name}";`).join("\n"), resolveDir: join(root, "tests") },
    loader: { ".toml": "text" },
    ...more,
  });
}

function exitCode(bundle) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle], { stdio: ["ignore", "pipe", "ignore"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    let told = "";
    child.stdout.on("data", (text) => {
      told += text;
      if (/^ {0,4}not ok /m.test(told)) child.kill("SIGKILL"); // one failure is enough
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}
