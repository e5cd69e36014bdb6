import { BooleanInput, NumberInput, SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { RowsInput } from "../../form/RowsInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { ExcludesTrial } from "./ExcludesTrial.tsx";

const presets = [
  { id: "mariadb", name: "MariaDB or MySQL" },
  { id: "postgresql", name: "PostgreSQL" },
  { id: "sqlite", name: "SQLite file" },
];

/** What is backed up, and what of it is not. */
export function ContentInputs() {
  return (
    <>
      <fieldset>
        <legend>What</legend>
        <WordsInput source="paths" label="Folders and files" placeholder="/etc, /home, /srv/www" />
        <RowsInput
          source="dumps"
          noun="database dump"
          fresh={() => ({ preset: "mariadb", database: null })}
          empty="No database dumps."
        >
          {(path) => <DumpInputs path={path} />}
        </RowsInput>
      </fieldset>
      <fieldset>
        <legend>What not</legend>
        <WordsInput
          source="exclude"
          label="Leave out"
          placeholder="*.tmp, /home/*/.cache, **/node_modules"
          helperText="patterns as restic has them; ! in front takes one back"
        />
        <WordsInput source="excludeIgnoringCase" label="Leave out, upper and lower case alike" placeholder="*.iso" />
        <WordsInput
          source="excludeIfPresent"
          label="Leave out folders that have a file called"
          placeholder=".nobackup"
        />
        <div className="form-grid">
          <NumberInput
            source="excludeLargerThanBytes"
            label="Leave out files larger than, bytes"
            min={1}
            helperText="empty: none"
          />
        </div>
        <BooleanInput
          source="excludeCaches"
          label="Leave out caches (folders with a CACHEDIR.TAG)"
          helperText={false}
        />
        <BooleanInput source="oneFileSystem" label="Stay on each folder's own file system" helperText={false} />
      </fieldset>
      <ExcludesTrial />
    </>
  );
}

function DumpInputs({ path }: { readonly path: string }) {
  const preset: unknown = useWatch({ name: `${path}.preset` });
  return (
    <div className="form-grid">
      <SelectInput source={`${path}.preset`} label="Of" choices={presets} helperText={false} />
      {preset === "sqlite" ? (
        <TextInput source={`${path}.path`} label="File" isRequired helperText="absolute path on the host" />
      ) : (
        <TextInput source={`${path}.database`} label="Database" helperText="empty: all of them" />
      )}
    </div>
  );
}
