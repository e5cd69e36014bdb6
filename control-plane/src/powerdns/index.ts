// PowerDNS's HTTP API, as far as programs that keep records by it need it: clients of ACME (DNS-01), ExternalDNS, Terraform.
export * from "./routes.ts";
