import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";

/** Extended attributes of every namespace, ACLs, a capability and file flags. */
export function buildAttributes(path: string, { asRoot }: { readonly asRoot: boolean }): void {
  const at = (name: string) => `${path}/${name}`;
  const set = (name: string, attribute: string, value: string) =>
    execFileSync("setfattr", ["--no-dereference", "--name", attribute, "--value", value, at(name)]);
  writeFileSync(at("user"), "user");
  set("user", "user.text", "value");
  set("user", "user.binary", "0x00ff0a0d00");
  set("user", "user.empty", "");
  set("user", "user.näme with space", "umlaut");
  set("user", "user.large", "B".repeat(2000));
  for (let index = 0; index < 25; index++) set("user", `user.many-${index}`, String(index));
  mkdirSync(at("directory"));
  set("directory", "user.on-directory", "value");
  writeFileSync(at("read-only"), "read-only", { mode: 0o444 });
  execFileSync("chmod", ["0644", at("read-only")]);
  set("read-only", "user.on-read-only", "value");
  execFileSync("chmod", ["0444", at("read-only")]);
  buildAccessLists(path);
  writeFileSync(at("nodump"), "nodump");
  execFileSync("chattr", ["+d", at("nodump")]);
  mkdirSync(at("nodump-directory"));
  execFileSync("chattr", ["+dA", at("nodump-directory")]);
  if (!asRoot) return;
  writeFileSync(at("trusted"), "trusted");
  set("trusted", "trusted.for-root", "secret");
  writeFileSync(at("capable"), "capable");
  // cap_net_raw+ep, in the kernel's own form.
  set("capable", "security.capability", "0x0100000200200000000000000000000000000000");
  execFileSync("chown", ["1000:1000", at("capable")]);
  set("capable", "security.capability", "0x0100000200200000000000000000000000000000");
  symlinkSync("user", at("link"));
  set("link", "trusted.on-link", "value");
  execFileSync("mkfifo", [at("fifo")]);
  set("fifo", "trusted.on-fifo", "value");
}

function buildAccessLists(path: string): void {
  const setList = (name: string, ...entries: string[]) =>
    execFileSync("setfacl", ["--modify", entries.join(","), `${path}/${name}`]);
  writeFileSync(`${path}/listed`, "listed");
  setList("listed", "user:1001:rw", "group:1002:r", "mask::rw");
  writeFileSync(`${path}/masked`, "masked");
  setList("masked", "user:1001:rwx", "mask::r");
  mkdirSync(`${path}/listed-directory`);
  setList("listed-directory", "user:1001:rwx", "default:user:1001:rwx", "default:group:1003:rx");
  writeFileSync(`${path}/listed-directory/inherits`, "inherits");
  mkdirSync(`${path}/listed-directory/inherits-too`);
}

const instants: Record<string, string> = {
  "first-second": "1901-12-14 00:00:00.000000001",
  "before-1970": "1969-12-31 23:59:59.999999999",
  "half-before-1970": "1969-12-31 23:59:58.5",
  epoch: "1970-01-01 00:00:00",
  nanoseconds: "2001-09-09 01:46:40.123456789",
  "last-of-32-bits": "2038-01-19 03:14:07.999999999",
  "after-32-bits": "2038-01-19 03:14:08.000000001",
  "far-future": "2446-05-10 00:00:00.987654321",
};

/** Times of files, directories and links, over all that ext4 can keep. */
export function buildTimes(path: string): void {
  const touch = (name: string, instant: string) =>
    execFileSync("touch", ["--no-dereference", "--date", `${instant} UTC`, `${path}/${name}`]);
  for (const [name, instant] of Object.entries(instants)) {
    writeFileSync(`${path}/file-${name}`, name);
    touch(`file-${name}`, instant);
    symlinkSync("nowhere", `${path}/link-${name}`);
    touch(`link-${name}`, instant);
    mkdirSync(`${path}/directory-${name}`);
    writeFileSync(`${path}/directory-${name}/inside`, name);
    touch(`directory-${name}`, instant);
  }
}
