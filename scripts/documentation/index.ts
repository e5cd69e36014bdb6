// Pages of docs/ that are made from the program, so that they cannot say something else: each is a pure function that answers the page.
// `scripts/write-documentation.ts` writes them; a test fails when what is committed is not what they answer.
export * from "./generated-pages.ts";
