import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Whether the machine runs on its battery: it has one, and no power supply that is on. `directory` is /sys/class/power_supply. Never throws. */
export async function isOnBattery(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  const read = (name: string, file: string) =>
    readFile(join(directory, name, file), "utf8").then(
      (text) => text.trim(),
      () => "",
    );
  const supplies = await Promise.all(
    names.map(async (name) => ({
      type: await read(name, "type"),
      online: await read(name, "online"),
      status: await read(name, "status"),
      scope: await read(name, "scope"),
    })),
  );
  // A mouse's battery is no machine's.
  const own = supplies.filter(({ scope }) => scope !== "Device");
  if (own.some(({ type, online }) => type !== "Battery" && online === "1")) return false;
  return own.some(({ type, status }) => type === "Battery" && status === "Discharging");
}

/** Whether the line costs by the byte, as NetworkManager knows or guesses it; false where nobody knows. Never throws. */
export async function isMetered(): Promise<boolean> {
  const service = "org.freedesktop.NetworkManager";
  const words = ["get-property", service, "/org/freedesktop/NetworkManager", service, "Metered"];
  try {
    const { stdout } = await promisify(execFile)("busctl", words, { timeout: 5_000 });
    // NMMetered: 1 is yes, 3 is a guess that it is.
    return /^u [13]\b/.test(stdout);
  } catch {
    return false;
  }
}
