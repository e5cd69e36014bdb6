// File names, link targets and attribute names are bytes, not text. Inside this workspace they travel as *byte strings*: JavaScript
// strings in which every character is one byte (latin1). They compare, sort, join and serve as map keys like any string, cost one byte
// a character in V8, and lose nothing. They become text only where a person looks (`displayText`) and bytes where a system call is made.
export * from "./byte-string.ts";
export * from "./bytes-of-display-text.ts";
export * from "./display-text.ts";
