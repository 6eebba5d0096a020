// Builds everything under static/baylink. The result depends on the locked packages and the
// sources alone, so a second run writes the same bytes.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "baylink");
const require = createRequire(import.meta.url);
const packageDir = (name) => dirname(require.resolve(`${name}/package.json`));

const FONT = "@fontsource/be-vietnam-pro";
const WEIGHTS = [400, 500, 600, 700];
const SUBSETS = ["latin", "vietnamese"];

for (const dir of ["css", "js", "fonts", "img"]) mkdirSync(join(out, dir), { recursive: true });

function copyFonts() {
  const source = packageDir(FONT);
  for (const subset of SUBSETS) {
    for (const weight of WEIGHTS) {
      const name = `be-vietnam-pro-${subset}-${weight}`;
      copyFileSync(
        join(source, "files", `${name}-normal.woff2`),
        join(out, "fonts", `${name}.woff2`),
      );
    }
  }
  copyFileSync(join(source, "LICENSE"), join(out, "fonts", "LICENSE.txt"));
}

function shape(svg) {
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return inner.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>").trim();
}

function buildIcons() {
  const names = readFileSync(join(here, "icons", "lucide.txt"), "utf8").split(/\s+/).filter(Boolean);
  const source = join(packageDir("lucide-static"), "icons");
  const drawn = new Map(names.map((n) => [n, readFileSync(join(source, `${n}.svg`), "utf8")]));
  for (const file of readdirSync(join(here, "icons")).filter((f) => f.endsWith(".svg"))) {
    drawn.set(file.slice(0, -4), readFileSync(join(here, "icons", file), "utf8"));
  }
  const symbols = [...drawn.keys()]
    .sort()
    .map((n) => `<symbol id="${n}" viewBox="0 0 24 24">${shape(drawn.get(n))}</symbol>`);
  const licence = "<!-- lucide, ISC licence, lucide.dev/license -->";
  writeFileSync(
    join(out, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${licence}\n${symbols.join("\n")}\n</svg>\n`,
  );
}

/** Every icon that a template or a Python file names must be in the sprite; a missing one draws nothing. */
function checkIcons() {
  const sprite = readFileSync(join(out, "icons.svg"), "utf8");
  const named = /\bicon\s*[=:]\s*"([a-z][a-z0-9-]*)"|\{% icon "([a-z][a-z0-9-]*)"|<c-icon name="([a-z][a-z0-9-]*)"/g;
  const missing = new Set();
  for (const folder of ["templates", "apps"]) {
    for (const file of readdirSync(join(here, "..", folder), { recursive: true })) {
      if (!/\.(html|py)$/.test(file)) continue;
      for (const found of readFileSync(join(here, "..", folder, file), "utf8").matchAll(named)) {
        const name = found[1] ?? found[2] ?? found[3];
        if (!sprite.includes(`id="${name}"`)) missing.add(`${name} (${folder}/${file})`);
      }
    }
  }
  if (missing.size) console.warn(`Not in icons/lucide.txt: ${[...missing].join(", ")}`);
}

function copyBrand() {
  for (const file of readdirSync(join(here, "brand"))) {
    copyFileSync(join(here, "brand", file), join(out, "img", file));
  }
}

function buildStyles() {
  const cli = join(packageDir("@tailwindcss/cli"), "dist", "index.mjs");
  const target = join(out, "css", "app.css");
  execFileSync(
    process.execPath,
    [cli, "--input", join(here, "css", "app.css"), "--output", target, "--minify"],
    { cwd: here, stdio: ["ignore", "ignore", "inherit"] },
  );
}

const scripts = {
  entryPoints: ["head", "app", "signature", "board", "calendar", "marks", "passkeys", "push", "push_worker", "alpine"].map((n) => join(here, "js", `${n}.js`)),
  outdir: join(out, "js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021"],
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};

copyFonts();
buildIcons();
checkIcons();
copyBrand();
buildStyles();
if (process.argv.includes("--watch")) {
  const context = await esbuild.context(scripts);
  await context.watch();
  console.log("Watching scripts; run the build again for styles, icons and fonts.");
} else {
  await esbuild.build(scripts);
}
