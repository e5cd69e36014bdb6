import assert from "node:assert/strict";
import { test } from "node:test";
import { clientAddress, parseTrustedProxies } from "./index.ts";

const proxies = parseTrustedProxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);

const cases: readonly (readonly [connected: string, forwardedFor: string | undefined, client: string, why: string])[] =
  [
    ["192.0.2.7", undefined, "192.0.2.7", "nobody stands between"],
    ["192.0.2.7", "198.51.100.1", "192.0.2.7", "a stranger is not believed"],
    ["127.0.0.1", "198.51.100.1", "198.51.100.1", "a proxy is"],
    ["::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1", "by its IPv6 form too"],
    ["127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1", "what the client wrote itself counts for nothing"],
    ["127.0.0.1", "203.0.113.9,198.51.100.1 , 10.1.2.3", "198.51.100.1", "nor do proxies behind proxies"],
    ["fd00::1", "[2001:db8::1]:4711", "2001:db8::1", "a port is no part of it"],
    ["127.0.0.1", "198.51.100.1:4711", "198.51.100.1", "of IPv4 neither"],
    ["127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1", "proxies all the way: the farthest"],
    ["127.0.0.1", undefined, "127.0.0.1", "a proxy that says nothing speaks for itself"],
    ["127.0.0.1", "unknown", "127.0.0.1", "and so does one that does not say an address"],
    ["127.0.0.1", "", "127.0.0.1", "nor anything"],
    ["", "198.51.100.1", "", "a connection that is gone has no address"],
  ];

for (const [connected, forwardedFor, client, why] of cases) {
  test(`"${connected}" with X-Forwarded-For "${forwardedFor}" is ${client}: ${why}`, () => {
    assert.equal(clientAddress(connected, forwardedFor, proxies), client);
  });
}

test("without trusted proxies the header means nothing", () => {
  assert.equal(clientAddress("127.0.0.1", "198.51.100.1", parseTrustedProxies([])), "127.0.0.1");
});

test("what is neither address nor range is refused", () => {
  for (const text of ["proxy.example.org", "10.0.0.0/33", "10.0.0.0/", "", "::1/129", "10.0.0.1/8/8"])
    assert.throws(() => parseTrustedProxies([text]), { code: "MYCLOUD_BACKUP_INPUT" }, text);
});
