// The machine's clock may be set back or forward a year by a mistake. What deletes by age must not believe it: the trash counts the
// server's own running time, and holds end by a time that follows the wall clock only as fast as time can pass.
export * from "./server-clock.ts";
