import type { OptionValues } from "../../plugin/option-values.ts";
import type { Mount } from "../../proc/mounts.ts";
import { isRemote, mountOf, realFileSystems, visibleMounts } from "./file-systems.ts";
import { DEFAULT_LIMITS, type FreeLimit, type FreeLimits, readFreeLimit, readUnit } from "./free-limit.ts";

/** A path to look at, under which limits. `mount` is missing when no mount holds it. */
export interface SelectedPath {
  readonly path: string;
  readonly mount: Mount | undefined;
  readonly limits: FreeLimits;
  /** Named with -p: it must be there. */
  readonly isNamed: boolean;
}

type LimitName = keyof FreeLimits;
const LIMIT_OPTIONS: ReadonlyMap<string, LimitName> = new Map([
  ["warning", "warning"],
  ["critical", "critical"],
  ["iwarning", "inodeWarning"],
  ["icritical", "inodeCritical"],
]);

/** A selector as given, with the limits in force where it stood; undefined when none were yet. */
interface Selector {
  readonly option: string;
  readonly value: string;
  readonly limits: FreeLimits | undefined;
}

/**
 * Decides what to look at. As in check_disk the order of the options matters: `-w 10% -p /tmp -C -w 100 -p /` holds /tmp
 * against 10% and / against 100 MB, and limits given after all paths apply to those that had none.
 */
export function selectPaths(options: OptionValues, mounts: readonly Mount[]): SelectedPath[] {
  const { selectors, finalLimits } = readSelectors(options);
  if (selectors.length === 0) {
    return filterMounts(options, realFileSystems(mounts)).map((mount) => selected(mount, finalLimits));
  }
  const chosen = new Map<string, SelectedPath>();
  for (const selector of selectors) {
    const limits = selector.limits ?? finalLimits;
    for (const one of resolve(selector, options, mounts, limits)) chosen.set(one.path, one);
  }
  return [...chosen.values()];
}

function readSelectors(options: OptionValues): { selectors: Selector[]; finalLimits: FreeLimits } {
  const unit = readUnit(options);
  const selectors: Selector[] = [];
  let limits: Partial<Record<LimitName, FreeLimit>> = {};
  for (const { name, value } of options.given) {
    const limitName = LIMIT_OPTIONS.get(name);
    if (limitName !== undefined) limits = { ...limits, [limitName]: readFreeLimit(options, name, value, unit) };
    else if (name === "clear") limits = {};
    else if (name === "path" || name === "ereg-path" || name === "eregi-path" || name === "all") {
      selectors.push({ option: name, value, limits: Object.keys(limits).length === 0 ? undefined : limits });
    }
  }
  return { selectors, finalLimits: Object.keys(limits).length === 0 ? DEFAULT_LIMITS : limits };
}

function resolve(
  selector: Selector,
  options: OptionValues,
  mounts: readonly Mount[],
  limits: FreeLimits,
): SelectedPath[] {
  if (selector.option === "all") {
    return filterMounts(options, realFileSystems(mounts)).map((mount) => selected(mount, limits));
  }
  if (selector.option !== "path") {
    const pattern = options.pattern(selector.option, selector.value, selector.option === "eregi-path" ? "i" : "");
    return filterMounts(options, visibleMounts(mounts))
      .filter((mount) => pattern.test(mount.mountPoint) || pattern.test(mount.source))
      .map((mount) => selected(mount, limits));
  }
  const path = selector.value.length > 1 ? selector.value.replace(/\/+$/, "") : selector.value;
  const exact = visibleMounts(mounts).find((mount) => mount.mountPoint === path || mount.source === path);
  const mount = exact ?? (options.isGiven("exact-match") ? undefined : mountOf(path, mounts));
  return [{ path: exact?.mountPoint ?? path, mount, limits, isNamed: true }];
}

function filterMounts(options: OptionValues, mounts: readonly Mount[]): Mount[] {
  const excluded = new Set(options.texts("exclude-device"));
  const excludedTypes = new Set(options.texts("exclude-type"));
  const includedTypes = new Set(options.texts("include-type"));
  const ignored = [
    ...options.texts("ignore-ereg-path").map((text) => options.pattern("ignore-ereg-path", text)),
    ...options.texts("ignore-eregi-path").map((text) => options.pattern("ignore-eregi-path", text, "i")),
  ];
  return mounts.filter(
    (mount) =>
      !excluded.has(mount.mountPoint) &&
      !excluded.has(mount.source) &&
      !excludedTypes.has(mount.fileSystemType) &&
      (includedTypes.size === 0 || includedTypes.has(mount.fileSystemType)) &&
      !(options.isGiven("local") && isRemote(mount)) &&
      !ignored.some((pattern) => pattern.test(mount.mountPoint)),
  );
}

function selected(mount: Mount, limits: FreeLimits): SelectedPath {
  return { path: mount.mountPoint, mount, limits, isNamed: false };
}
