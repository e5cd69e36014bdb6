import { parseOsRelease } from "../../facts/index.ts";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

const fields = [
  ..."build_id id id_like image_id image_version name pretty_name variant variant_id version version_codename version_id".split(
    " ",
  ),
];

/** The distribution (os-release(5)). */
export function createOsCollector({ root }: CollectorPlaces): Collector {
  function collect() {
    const text = readWord(`${root}/etc/os-release`) ?? readWord(`${root}/usr/lib/os-release`);
    if (text === undefined) return undefined;
    const release = parseOsRelease(text);
    const of = (field: string) => release.get(field.toUpperCase()) ?? "";
    const families = new Families();
    const labels = Object.fromEntries(fields.map((field) => [field, of(field)]));
    families.gauge("node_os_info", "The distribution.", 1, labels);
    const version = Number(/^\d+\.?\d*/.exec(of("version_id"))?.[0] ?? 0);
    if (version > 0) {
      const help = "The distribution's version, as far as it is a number.";
      families.gauge("node_os_version", help, version, { id: of("id"), id_like: of("id_like"), name: of("name") });
    }
    return families.list();
  }
  return { name: "os", isDefault: true, collect };
}
