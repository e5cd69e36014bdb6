// Snapshots as folders for programs that speak WebDAV (RFC 4918, class 1), read only: `/dav/<host>/<snapshot>/...`. App passwords open it and nothing
// else does; they open nothing else.
export { createWebdav, type WebdavDependencies } from "./create-webdav.ts";
