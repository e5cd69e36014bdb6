/** What macros in a check's arguments stand for. */
export interface MacroHost {
  readonly name: string;
  readonly address: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Replaces $HOSTNAME$, $HOSTADDRESS$ (the name where no address is known, as in Nagios) and $_HOST<LABEL>$ (a label's value; case and the
 * characters . / - do not matter, since Nagios' custom variables have neither). `$$` is one `$`. A macro that is not known stays as
 * written, so that a typo shows itself in the check's own output. Values are not replaced again. Pure.
 */
export function replaceMacros(text: string, host: MacroHost): string {
  return text.replace(/\$([A-Za-z_][A-Za-z0-9_]*)?\$/g, (whole, name: string | undefined) => {
    if (name === undefined) return "$";
    const key = name.toUpperCase();
    if (key === "HOSTNAME") return host.name;
    if (key === "HOSTADDRESS") return host.address ?? host.name;
    if (!key.startsWith("_HOST")) return whole;
    const wanted = key.slice("_HOST".length);
    const found = Object.entries(host.labels).find(([label]) => macroNameOf(label) === wanted);
    return found?.[1] ?? whole;
  });
}

function macroNameOf(label: string): string {
  return label.toUpperCase().replace(/[./-]/g, "_");
}
