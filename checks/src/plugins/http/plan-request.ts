import { readFileSync } from "node:fs";
import type { SecureVersion } from "node:tls";
import { readFamily, readPort } from "../../connection/network-options.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { readVersion } from "../../plugin/version.ts";
import type { HttpExchange } from "./request.ts";

/** Makes the first request out of the options. Reads the files they name. */
export function planRequest(options: OptionValues): HttpExchange {
  const site = options.text("hostname");
  const address = options.text("IP-address") ?? (site === undefined ? undefined : splitPort(site).name);
  if (address === undefined) throw new UsageError("-H/--hostname or -I/--IP-address is required");
  const isTls = options.isGiven("ssl") || options.isGiven("certificate");
  const { name: siteName, port: sitePort } = splitPort(site ?? address);
  const port = readPort(options) ?? sitePort ?? (isTls ? 443 : 80);
  const body = options.text("post");
  const path = options.text("url") ?? "/";
  if (/[\s\u0000-\u001f]/.test(path)) throw options.refuse("url", path, "a path without spaces; write them as %20");
  return {
    isTls,
    host: address,
    port,
    family: readFamily(options),
    siteName,
    hostHeader: site !== undefined && sitePort !== undefined ? site : hostHeaderOf(siteName, port, isTls),
    path: path.startsWith("/") || path.includes("://") ? path : `/${path}`,
    method: options.text("method") ?? (body === undefined ? "GET" : "POST"),
    headers: readHeaders(options, body),
    body,
    secure: readSecure(options),
    maxBodyBytes: (options.number("max-body", { min: 1, max: 65_536, isInteger: true }) ?? 1_024) * 1_024,
    isBodyWanted: !options.isGiven("no-body"),
  };
}

/** `name:port`, `[::1]:port` or a bare name or address. */
export function splitPort(text: string): { name: string; port: number | undefined } {
  const match = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text);
  if (match === null) return { name: text.replace(/^\[(.*)\]$/, "$1"), port: undefined };
  return { name: (match[1] ?? "").replace(/^\[(.*)\]$/, "$1"), port: Number(match[2]) };
}

/** The Host header leaves out the port when it is the scheme's own (RFC 9110 section 7.2). */
export function hostHeaderOf(name: string, port: number, isTls: boolean): string {
  const host = name.includes(":") ? `[${name}]` : name;
  return port === (isTls ? 443 : 80) ? host : `${host}:${port}`;
}

function readHeaders(options: OptionValues, body: string | undefined): (readonly [string, string])[] {
  const own = options.texts("header").map((text): readonly [string, string] => {
    const colon = text.indexOf(":");
    if (colon < 1) throw options.refuse("header", text, "NAME: VALUE");
    return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  });
  const isGiven = (name: string): boolean => own.some(([given]) => given.toLowerCase() === name);
  const credentials = readCredentials(options);
  return [
    ["User-Agent", options.text("useragent") ?? `mycloud-check-http/${readVersion()}`],
    ["Connection", "close"],
    ...(isGiven("accept") ? [] : [["Accept", "*/*"] as const]),
    ...(credentials === undefined
      ? []
      : [["Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`] as const]),
    ...(body === undefined
      ? []
      : [
          ["Content-Type", options.text("content-type") ?? ""] as const,
          ["Content-Length", String(Buffer.byteLength(body))] as const,
        ]),
    ...own,
  ];
}

function readCredentials(options: OptionValues): string | undefined {
  const file = options.text("authorization-file");
  const text = file === undefined ? options.text("authorization") : readFileSync(file, "utf8").replace(/\r?\n$/, "");
  if (text !== undefined && !text.includes(":")) throw new UsageError("basic authentication is written USER:PASSWORD");
  return text;
}

const VERSIONS: ReadonlyMap<string, SecureVersion> = new Map([
  ["1", "TLSv1"],
  ["1.1", "TLSv1.1"],
  ["1.2", "TLSv1.2"],
  ["1.3", "TLSv1.3"],
]);

function readSecure(options: OptionValues): HttpExchange["secure"] {
  const text = options.text("ssl") ?? "";
  const minVersion = VERSIONS.get(text.replace(/\+$/, ""));
  if (text !== "" && minVersion === undefined)
    throw options.refuse("ssl", text, "1, 1.1, 1.2 or 1.3, with + for newer ones too");
  const read = (name: string): string | undefined => {
    const path = options.text(name);
    return path === undefined ? undefined : readFileSync(path, "utf8");
  };
  const [ca, cert, key] = [read("ca-file"), read("client-cert"), read("private-key")];
  return {
    ...(minVersion === undefined ? {} : { minVersion, ...(text.endsWith("+") ? {} : { maxVersion: minVersion }) }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
