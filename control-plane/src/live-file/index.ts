// Files of live machines, as people manage them from afar: each request is a question to the machine's own agent, which does it under the machine's own
// policy or says in words why not. Here is who may ask, what is noted of it (changes always; what staff look at of a customer's), and how content is
// streamed so that it is whole or visibly not, and does nothing in a browser.
export * from "./create-live-files.ts";
