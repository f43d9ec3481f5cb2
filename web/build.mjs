// Builds what browsers get: islands, one style sheet for candidates and one for staff, fonts; all under hashed names.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = join(here, "static", "built");
const fresh = `${built}.new`;
const TARGET = ["es2021", "chrome90", "safari15", "firefox90"];
const STYLES = ["candidate", "staff"];

// Whose words say which rules of the style sheet are used: the layouts and pages of that audience, and the islands.
const CONTENT = {
  candidate: ["templates/layout*.html", "templates/error.html", "templates/parts/**/*.html", "templates/candidate/**/*.html", "templates/public/**/*.html", "islands/**/*.ts"],
  staff: ["templates/**/*.html", "islands/**/*.ts"],
};
const manifest = {};

// KRDS names its pictures by a folder that its package does not have
const krdsPictures = {
  name: "krds-pictures",
  setup(building) {
    const folder = join(here, "node_modules", "krds-uiux", "resources", "img", "component");
    building.onResolve({ filter: /img\/component\/.*\.(svg|png)$/ }, (asked) => ({
      path: join(folder, asked.path.split("img/component/")[1]),
    }));
  },
};

async function keep(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const hashed = `${basename(name, extname(name))}.${hash}${extname(name)}`;
  await writeFile(join(fresh, hashed), content);
  manifest[name] = hashed;
  return hashed;
}

async function islands() {
  const entries = (await readdir(join(here, "islands"))).filter((file) => file.endsWith(".ts") && !file.startsWith("_"));
  for (const entry of entries) {
    const made = await build({
      entryPoints: [join(here, "islands", entry)],
      bundle: true,
      minify: true,
      format: "iife",
      target: TARGET,
      legalComments: "none",
      write: false,
    });
    await keep(entry.replace(/\.ts$/, ".js"), made.outputFiles[0].contents);
  }
}

async function styles() {
  for (const name of STYLES) {
    const bundled = await build({
      entryPoints: [join(here, "styles", `${name}.css`)],
      bundle: true,
      plugins: [krdsPictures],
      external: ["/static/*"],
      loader: { ".svg": "dataurl", ".png": "dataurl" },
      target: TARGET,
      write: false,
    });
    const [purged] = await new PurgeCSS().purge({
      content: CONTENT[name].map((pattern) => join(here, pattern)),
      css: [{ raw: bundled.outputFiles[0].text }],
      // the sign = and the colon belong to no class of ours; dots do not either
      defaultExtractor: (content) => content.match(/[\w-]+/g) ?? [],
      variables: true,
      safelist: { standard: ["html", "body"], variables: [/^--on-/] },
    });
    const small = await build({ stdin: { contents: purged.css, loader: "css" }, minify: true, target: TARGET, write: false });
    await keep(`${name}.css`, small.outputFiles[0].contents);
  }
}

async function fonts() {
  await keep("fonts.css", await readFile(join(here, "styles", "fonts.css")));
  const folder = join(here, "node_modules", "krds-uiux", "resources", "fonts");
  for (const name of ["Regular", "Bold"]) {
    await writeFile(join(fresh, `PretendardGOV-${name}.woff2`), await readFile(join(folder, `PretendardGOV-${name}.subset.woff2`)));
  }
}

async function pictures() {
  for (const file of await readdir(join(here, "pictures"))) {
    await keep(file, await readFile(join(here, "pictures", file)));
  }
}

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
await keep("htmx.js", await readFile(join(here, "node_modules", "htmx.org", "dist", "htmx.min.js")));
await islands();
await styles();
await fonts();
await pictures();
await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2));
await rm(built, { recursive: true, force: true });
await rename(fresh, built);
