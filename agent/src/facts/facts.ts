import { readFile } from "node:fs/promises";
import { arch, release } from "node:os";
import { join } from "node:path";
import type { Labels } from "@mycloud/protocol/name";

/** Where facts are read; tests pass a recorded tree. */
export interface FactSources {
  readonly procRoot: string;
  readonly sysRoot: string;
  readonly osReleasePath: string;
}

/**
 * os, distribution, distributionVersion, architecture, kernel, init (systemd or the name of process 1) and, where the firmware says
 * so, virtualization. What cannot be read is left out.
 */
export async function collectFacts(sources: FactSources): Promise<Labels> {
  const osRelease = parseOsRelease(await read(sources.osReleasePath));
  const init = (await read(join(sources.procRoot, "1/comm"))).trim();
  const facts: Record<string, string | undefined> = {
    os: process.platform,
    distribution: osRelease.get("ID"),
    distributionVersion: osRelease.get("VERSION_ID"),
    architecture: arch() === "x64" ? "x86_64" : arch() === "arm64" ? "aarch64" : arch(),
    kernel: release(),
    init,
    virtualization: virtualizationOf({
      vendor: (await read(join(sources.sysRoot, "class/dmi/id/sys_vendor"))).trim(),
      product: (await read(join(sources.sysRoot, "class/dmi/id/product_name"))).trim(),
      environment: await read(join(sources.procRoot, "1/environ")),
    }),
  };
  const entries = Object.entries(facts).flatMap(([name, value]) =>
    value ? [[name, value.slice(0, 255)] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** Reads os-release(5): `NAME=value` lines with shell quoting. Pure. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match?.[1] === undefined || match[2] === undefined) continue;
    entries.set(match[1], match[2].replace(/^(["'])(.*)\1$/, "$2").replace(/\\(.)/g, "$1"));
  }
  return entries;
}

/** The kind of machine underneath, in systemd-detect-virt's words; undefined on bare metal or where nothing tells. Pure. */
export function virtualizationOf(firmware: {
  readonly vendor: string;
  readonly product: string;
  readonly environment: string;
}): string | undefined {
  const container = /(?:^|\0)container=([a-z-]+)/.exec(firmware.environment)?.[1];
  if (container !== undefined) return container;
  const words = `${firmware.vendor} ${firmware.product}`;
  for (const [pattern, name] of [
    [/QEMU|KVM|Standard PC/, "kvm"],
    [/VMware/, "vmware"],
    [/VirtualBox|innotek/, "oracle"],
    [/Microsoft Corporation Virtual/, "microsoft"],
    [/Xen/, "xen"],
    [/Amazon EC2/, "amazon"],
    [/Google Compute/, "google"],
  ] as const) {
    if (pattern.test(words)) return name;
  }
  return undefined;
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
