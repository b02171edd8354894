// Serve the folder of a report: node serve.mjs FOLDER PORT [HOST]. Loopback unless HOST says else.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";

const [folder, port, host = "127.0.0.1"] = process.argv.slice(2);
const root = resolve(folder);
const types = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript",
  ".json": "application/json", ".mjs": "text/javascript", ".png": "image/png",
  ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2",
};

/** The file a request asks for, if it lies in the folder. */
const asked = (url) => {
  const path = join(root, normalize(decodeURIComponent(new URL(url, "http://x").pathname)));
  if (path !== root && !path.startsWith(root + sep)) return undefined;
  const stat = statSync(path, { throwIfNoEntry: false });
  const file = stat?.isDirectory() ? join(path, "index.html") : path;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
};

// As the first process of a container it would not end otherwise.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
createServer((request, response) => {
  let file;
  try {
    file = asked(request.url);
  } catch {
    file = undefined;
  }
  if (!file) return response.writeHead(404).end("not found\n");
  response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).on("error", () => response.destroy()).pipe(response);
})
  .on("error", (error) => {
    console.error(`serve: ${error.message}`);
    process.exit(1);
  })
  .listen(Number(port), host, () => console.log(`serving ${folder} on http://127.0.0.1:${port}/ (Ctrl-C ends it)`));
