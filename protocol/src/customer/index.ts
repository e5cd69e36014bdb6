// Customers: the organisations whose hosts are watched. Users, hosts, contacts and tokens name theirs by `customer`.
export * from "./customer.ts";
