// A customer in the browser: the pages for people who are not signed in, the second step, the organisation; also 390 px wide.
import assert from "node:assert/strict";
import { test } from "node:test";
import { totpOf } from "../peers/totp.ts";
import { startServer } from "../support/index.ts";
import {
  chromiumHindrance,
  faintTexts,
  faultyControls,
  openPage,
  startChromium,
  whatStandsOut,
} from "./support/index.ts";

const password = "long enough password";

test("a customer's owner sets a second step up, signs in with a recovery code, and invites somebody", {
  skip: chromiumHindrance(),
}, async (t) => {
  const server = await startServer(t, {
    env: { MYCLOUD_REGISTRATION: "open", MYCLOUD_SMTP_URL: "smtp://127.0.0.1:9" },
  });
  const body = { email: "anna@example.org", name: "Anna", role: "admin", customer: "acme", password };
  assert.equal((await server.api("POST", "/api/v1/users", { body })).status, 200);
  const browser = await startChromium(t);
  let recoveryCode = "";

  for (const width of [1100, 390]) {
    const { page } = await openPage(browser, server.url, { viewport: { width, height: 800 } });
    const assertSound = async () => {
      for (const judge of [whatStandsOut, faultyControls, faintTexts]) {
        assert.deepEqual(await judge(page), [], `${judge.name} at ${page.url().split("#").at(-1)}, ${width} px`);
      }
    };
    await page.goto("/#/register");
    await page.getByRole("button", { name: "Send me the link" }).waitFor();
    await assertSound();
    await page.goto(`/#/link/registration/${"x".repeat(43)}`);
    await page.getByText("this link is not one of ours").waitFor();
    await page.goto("/#/unsubscribe/1.new-login.x");
    await page.getByRole("button", { name: "No more of these" }).waitFor();

    await page.goto("/#/login");
    await page.getByLabel("E-mail").fill("anna@example.org");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    if (recoveryCode !== "") {
      await page.getByRole("textbox", { name: "Code" }).fill(recoveryCode);
      await page.getByRole("button", { name: "Continue" }).click();
    }
    await page.getByRole("button", { name: "Account" }).waitFor();
    await page.goto("/#/account");
    if (recoveryCode === "") {
      await page.getByLabel("Current password").first().fill(password);
      await page.getByRole("button", { name: "Set it up" }).click();
      await page.getByRole("img", { name: "QR code" }).waitFor();
      const secret = (await page.locator(".totp-secret code").textContent()) ?? "";
      await page.getByRole("textbox", { name: "Code" }).fill(totpOf(secret.replaceAll(" ", ""), Date.now()));
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByText("Keep these recovery codes").waitFor();
      recoveryCode = (await page.locator(".recovery-codes li").first().textContent()) ?? "";
    }
    await page.getByText(/\d+ of 10 recovery codes are left/).waitFor();
    await assertSound();

    await page.goto("/#/organisation");
    const invited = `new-${width}@example.org`;
    await page.getByText("Invite somebody").waitFor();
    await page.getByRole("textbox", { name: "E-mail" }).last().fill(invited);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.locator(".sessions").getByText(invited).waitFor();
    await assertSound();
    await page.context().close();
  }
});
