import { foldersOf } from "./view-address.ts";

/** Where one is, and the way up. */
export function PathTrail({ path, onFolder }: { readonly path: string; readonly onFolder: (path: string) => void }) {
  const folders = foldersOf(path);
  return (
    <nav className="path-trail" aria-label="Path">
      <ol>
        {folders.map((folder, at) => (
          <li key={folder.path}>
            {at === folders.length - 1 ? (
              <b aria-current="location" className="wrap">
                {folder.name}
              </b>
            ) : (
              <button type="button" className="link" onClick={() => onFolder(folder.path)}>
                {folder.name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
