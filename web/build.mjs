// Builds the islands and the two style sheets into static/built under names that carry their content's hash.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PurgeCSS } from "purgecss";

const out = "static/built";
const manifest = {};

async function keep(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const extension = path.extname(name);
  const hashed = `${path.basename(name, extension)}-${hash}${extension}`;
  await writeFile(path.join(out, hashed), content);
  manifest[name] = hashed;
}

// KRDS names its pictures by a folder that its package does not have
const pictures = {
  name: "krds-pictures",
  setup(building) {
    building.onResolve({ filter: /img\/component\/.*\.(svg|png)$/ }, (asked) => ({
      path: path.resolve("node_modules/krds-uiux/resources/img/component", asked.path.split("img/component/")[1]),
    }));
  },
};

async function styles(name, templates) {
  const built = await build({
    entryPoints: [`styles/${name}.css`],
    bundle: true,
    write: false,
    plugins: [pictures],
    external: ["/static/*"],
    loader: { ".svg": "dataurl", ".png": "dataurl" },
    logLevel: "error",
  });
  const [purged] = await new PurgeCSS().purge({
    content: [...templates, "islands/*.ts"],
    css: [{ raw: built.outputFiles[0].text }],
    variables: true,
    safelist: { standard: ["html", "body", ":root", /^is-/] },
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
  });
  const small = await build({ stdin: { contents: purged.css, loader: "css" }, minify: true, write: false, external: ["*"] });
  await keep(`${name}.css`, small.outputFiles[0].contents);
}

async function islands() {
  const names = (await readdir("islands")).filter((name) => name.endsWith(".ts") && !name.startsWith("_"));
  for (const name of names) {
    const built = await build({
      entryPoints: [`islands/${name}`],
      bundle: true,
      minify: true,
      format: "iife",
      target: ["es2020"],
      write: false,
    });
    await keep(name.replace(/\.ts$/, ".js"), built.outputFiles[0].contents);
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const fonts = "node_modules/krds-uiux/resources/fonts";
for (const weight of ["Regular", "Bold"]) {
  await copyFile(`${fonts}/PretendardGOV-${weight}.subset.woff2`, `${out}/PretendardGOV-${weight}.woff2`);
}
await keep("htmx.js", await readFile("node_modules/htmx.org/dist/htmx.min.js"));
await islands();
const shared = ["templates/*.html"];
await styles("candidate", [...shared, "templates/candidate/**/*.html"]);
await styles("staff", [...shared, "templates/staff/**/*.html", "templates/parts/**/*.html"]);
await writeFile(`${out}/manifest.json`, JSON.stringify(manifest, null, 1));
