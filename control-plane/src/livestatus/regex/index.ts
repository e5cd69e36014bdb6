// Regular expressions from the network, matched in linear time.
export { compileSearch, type Search } from "./search.ts";
export { RegexError } from "./syntax.ts";
