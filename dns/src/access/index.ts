// Who may do what: prefixes of addresses, and lists of rules by prefix and key. Made once of the configuration, asked for each message.
export * from "./access-list.ts";
export * from "./prefix-set.ts";
