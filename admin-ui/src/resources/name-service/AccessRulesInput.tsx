import type { AccessRule } from "@mycloud/protocol/dns-zone";
import { NameInput } from "../../form/NamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";

/** A list of who may do something: any of its entries lets in. */
export function AccessRulesInput({ source, empty }: { readonly source: string; readonly empty: string }) {
  return (
    <RowsInput source={source} noun="entry" empty={empty} fresh={() => ({ prefixes: ["127.0.0.0/8"], key: null })}>
      {(path) => (
        <div className="form-grid">
          <WordsInput
            source={`${path}.prefixes`}
            label="Addresses and networks"
            placeholder="192.0.2.0/24, 2001:db8::/32"
          />
          <NameInput
            source={`${path}.key`}
            label="Signed with the key"
            reference="tsig-keys"
            helperText="empty: no signature is asked for"
          />
        </div>
      )}
    </RowsInput>
  );
}

/** Who may, in a line. */
export function accessText(rules: readonly AccessRule[]): string {
  const texts = rules.map(({ prefixes, key }) => prefixes.join(", ") + (key === null ? "" : ` with the key ${key}`));
  return texts.join("; ") || "nobody";
}
