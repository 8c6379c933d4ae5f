// Builds the site's style sheet, script and fonts into the Python package: `npm ci && npm run build`.
// What it makes is committed, so that `pip install bestvalue` needs no Node.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "../src/bestvalue/site/static/bestvalue");
const govuk = path.join(here, "node_modules/govuk-frontend");
const font = path.join(here, "node_modules/@fontsource/source-sans-3");

await mkdir(path.join(target, "fonts"), { recursive: true });

const { css } = sass.compile(path.join(here, "bestvalue.scss"), {
  style: "compressed",
  loadPaths: [path.join(here, "node_modules")],
});
await writeFile(path.join(target, "bestvalue.css"), css);

await copyFile(path.join(govuk, "dist/govuk/govuk-frontend.min.js"), path.join(target, "govuk-frontend.min.js"));
await copyFile(path.join(here, "bestvalue.js"), path.join(target, "bestvalue.js"));

for (const style of ["400-normal", "400-italic", "700-normal"]) {
  const file = `source-sans-3-latin-${style}.woff2`;
  await copyFile(path.join(font, "files", file), path.join(target, "fonts", file));
}
await copyFile(path.join(font, "LICENSE"), path.join(target, "fonts/LICENSE-source-sans-3.txt"));

// The npm package of govuk-frontend names its licence (MIT) but does not hold its text; ours is kept beside this file.
const { version } = createRequire(import.meta.url)("./node_modules/govuk-frontend/package.json");
const licence = await readFile(path.join(here, "LICENSE-govuk-frontend.txt"), "utf8");
await writeFile(path.join(target, "LICENSE-govuk-frontend.txt"), `govuk-frontend ${version}\n\n${licence}`);
