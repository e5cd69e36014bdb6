// Small servers that Debian's plugins check, each speaking just the part of its protocol that the plugin asks for. What Debian's CI machine has as a
// program (postfix, mariadbd, nagios4, nrpe) is not here: its plugin runs against the program.
export * from "./binary-servers.ts";
export * from "./datagram-servers.ts";
export * from "./line-servers.ts";
