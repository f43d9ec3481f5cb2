// Sends a file with the unmodified tus-js-client: ADDRESS COOKIE QUESTION FILE HOW. Prints where the upload lies.
// HOW: whole; deferred (the length comes with the last part); broken (ends in the middle, another client goes on).
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";

const [address, cookie, question, path, how] = process.argv.slice(2);
const tus = createRequire(new URL("../../web/package.json", import.meta.url))("tus-js-client");
const size = statSync(path).size;

function upload(more) {
  return new Promise((done, fail) => {
    const made = new tus.Upload(readFileSync(path), {
      endpoint: `${address}/uploads`,
      headers: { Cookie: `candidate=${cookie}` },
      metadata: { question, filetype: "video/webm" },
      chunkSize: 32 * 1024,
      retryDelays: [0, 100, 200],
      overridePatchMethod: how === "override",
      uploadLengthDeferred: how === "deferred",
      onError: fail,
      onSuccess: () => done(made.url),
      ...more(() => made, done),
    });
    made.start();
  });
}

if (how === "broken") {
  const place = await upload((made, done) => ({
    onChunkComplete: (_, sent) => {
      if (sent >= size / 2) void made().abort(false).then(() => done(made().url));
    },
  }));
  console.log(await upload(() => ({ uploadUrl: place })));
} else {
  console.log(await upload(() => ({})));
}
