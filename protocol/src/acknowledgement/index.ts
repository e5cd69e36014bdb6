// Acknowledgements: somebody is on it.
export * from "./acknowledgement.ts";
