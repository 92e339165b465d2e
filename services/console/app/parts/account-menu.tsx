import { CircleUserRound } from 'lucide-preact';
import { chooseSingleKeys, chooseTheme, singleKeys, THEMES, theme } from '../lib/local.ts';
import { type Session, signOut } from '../lib/session.ts';
import { useSignal } from '../lib/signal.ts';
import { capital } from '../lib/words.ts';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';

export function AccountMenu({ session }: { session: Session }) {
  const chosen = useSignal(theme);
  const keys = useSignal(singleKeys);
  const scopes = session.manufacturer === null ? session.scopes.map(capital).join(', ') : 'Manufacturer';
  const leave = async () => {
    await signOut().catch(() => {});
    location.assign('/signin');
  };
  return (
    <>
      {session.manufacturer !== null && <span class="whose">{session.manufacturer}</span>}
      <Menu
        class="icon"
        name={`Account: ${session.owner}, ${scopes}`}
        label={<Icon of={CircleUserRound} size={18} />}
        wide
      >
        {() => (
          <>
            <p class="menu-head">
              <b>{session.owner}</b>
              <span>
                {scopes} · key {session.keyId}
              </span>
            </p>
            <div class="menu-row">
              <span id="theme-label">Colours</span>
              <span class="seg s" role="group" aria-labelledby="theme-label">
                {THEMES.map((one) => (
                  <button key={one} type="button" aria-pressed={one === chosen} onClick={() => chooseTheme(one)}>
                    {capital(one)}
                  </button>
                ))}
              </span>
            </div>
            <label class="menu-row">
              Single keys
              <input
                type="checkbox"
                checked={keys}
                onChange={(event) => chooseSingleKeys(event.currentTarget.checked)}
              />
            </label>
            <button type="button" class="menu-item" onClick={leave}>
              Sign out
            </button>
          </>
        )}
      </Menu>
    </>
  );
}
