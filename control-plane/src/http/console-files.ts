import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler, Router } from "express";

/**
 * The built console. Files under /assets carry a hash in their name and are cached for ever; index.html never, so that a new version is
 * seen at once. A path that is no file is a page of the console.
 */
export function serveConsole(directory: string): Router {
  const router = Router();
  const index = join(directory, "index.html");
  router.use(
    "/assets",
    express.static(join(directory, "assets"), { immutable: true, maxAge: "1y", index: false, fallthrough: true }),
  );
  router.use(
    express.static(directory, {
      index: false,
      maxAge: "1h",
      redirect: false,
      setHeaders: (response, path) => {
        if (path === index) response.setHeader("cache-control", "no-cache");
      },
    }),
  );
  router.use(servePage(index));
  return router;
}

function servePage(index: string): RequestHandler {
  return (request, response, next) => {
    const isPage = (request.method === "GET" || request.method === "HEAD") && !request.path.startsWith("/assets/");
    if (!isPage) return next();
    response.setHeader("cache-control", "no-cache");
    if (!existsSync(index)) {
      response.status(503).type("html").send(missingPage);
      return;
    }
    response.sendFile(index, { cacheControl: false });
  };
}

const missingPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>MyCloud</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em">
<h1>The console is not built</h1>
<p>The API is running. Build the console once, then load this page again:</p>
<pre>npm run build</pre>
</body></html>
`;
