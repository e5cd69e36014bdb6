import assert from "node:assert/strict";
import { it } from "node:test";
import { Configuration } from "../configuration/index.ts";
import { cookieValue } from "../http/session-cookie.ts";
import { adminPassword, startTestApp } from "../testing/index.ts";

it("behind https the cookie is Secure, has the __Host- prefix, and the plain one no longer counts", async () => {
  const settings: Partial<Configuration> = { publicUrl: "https://mycloud.example.org", trustProxy: 1 };
  const testApp = await startTestApp({ settings });
  try {
    const answer = await testApp.call("POST", "/api/v1/session", {
      token: null,
      headers: { origin: "https://mycloud.example.org" },
      body: { email: "admin@localhost", password: adminPassword },
    });
    assert.equal(answer.status, 200, answer.text);
    const cookie = answer.headers.getSetCookie()[0] ?? "";
    assert.match(cookie, /^__Host-mycloud_session=.*Path=\/.*; Secure/);
    assert.doesNotMatch(cookie, /Domain/);
    assert.match(answer.headers.get("strict-transport-security") ?? "", /max-age/);
    const value = cookie.split(";")[0]?.split("=")[1];
    const plain = await testApp.call("GET", "/api/v1/session", { headers: { cookie: `mycloud_session=${value}` } });
    assert.equal(plain.status, 401);
  } finally {
    await testApp.stop();
  }
});

it("a cookie that is there twice with different values counts as none", () => {
  assert.equal(cookieValue("a=1; s=x; b=2", "s"), "x");
  assert.equal(cookieValue("s=x; s=y", "s"), null);
  assert.equal(cookieValue("xs=x", "s"), null);
  assert.equal(cookieValue(undefined, "s"), null);
  assert.equal(cookieValue("s=", "s"), null);
});

it("settings of the wrong form are refused one by one", () => {
  const { error } = Configuration.safeParse({ stateDir: "/x", http: "8080", publicUrl: "ftp://x", logLevel: "loud" });
  assert.deepEqual(
    error?.issues.map((issue) => issue.path[0]),
    ["http", "publicUrl", "logLevel"],
  );
});
