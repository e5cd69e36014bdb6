// A repository's password is stretched (scrypt) before anything can be read, for a fifth of a second and more. The folder imports next to
// nothing, so that a program can begin with it before its other modules are loaded.
export * from "./head-start.ts";
export * from "./stretch-password.ts";
