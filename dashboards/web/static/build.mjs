// Bundles src into dist, which the Go binary embeds. With --check it writes nothing and fails when dist is stale.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const root = import.meta.dirname;
const largest = 800 * 1024; // of one file that is committed

const result = await build({
  absWorkingDir: root,
  entryPoints: ["src/app.js", "src/charts.js", "src/app.css"],
  outdir: "dist",
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
});

// What the bundle is made of carries its licences along.
let licenses = "The bundle in this folder holds parts of the following works.\n";
for (const file of ["echarts/NOTICE", "echarts/LICENSE", "zrender/LICENSE", "tslib/LICENSE.txt"]) {
  licenses += `\n==== ${file}\n\n${(await readFile(path.join(root, "node_modules", file), "utf8")).replaceAll("\r\n", "\n").trim()}\n`;
}
result.outputFiles.push({ path: path.join(root, "dist/LICENSES.txt"), contents: Buffer.from(licenses) });

let stale = 0;
for (const file of result.outputFiles) {
  const name = path.relative(root, file.path);
  if (file.contents.length > largest) {
    console.error(`${name} has ${file.contents.length} bytes, more than ${largest}; leave parts of ECharts out`);
    process.exitCode = 1;
  }
  if (process.argv.includes("--check")) {
    const have = await readFile(file.path).catch(() => null);
    if (!have || !have.equals(file.contents)) {
      console.error(`${name} is stale; run \`make web\` and commit it`);
      stale++;
    }
    continue;
  }
  await mkdir(path.dirname(file.path), { recursive: true });
  await writeFile(file.path, file.contents);
  console.log(`${name} ${(file.contents.length / 1024).toFixed(1)} KB`);
}
if (stale) process.exitCode = 1;
