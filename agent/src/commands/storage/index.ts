// `mycloud storage`: the server that keeps backup repositories, and what its administrator does on its machine. All of it works on the
// server's state directory; only `serve` needs to be running for clients.
export * from "./storage-command.ts";
