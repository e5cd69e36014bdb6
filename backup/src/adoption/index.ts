// A backup that was killed or lost its network leaves packs that no index mentions. The next one *adopts* them: it reads their headers and
// writes an index for them, so that what was sent once is not sent again.
export * from "./adopt-packs.ts";
