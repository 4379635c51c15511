// Wraps every data key anew under the current vault key, so that an older one can be dropped. What was encrypted with them stays as it is.
import { connectDatabase, sealedPlaces, SealedTexts, type SealedPlace } from '@sluice/persistence';
import { readKeyring, rewrap, rewrapWorkspaceKey, VaultError, type Keyring } from '@sluice/vault';
import type { Config } from './config.ts';

export type RewrapCount = { current: string; 'workspace keys': number } & Record<SealedPlace, number>;

const batchSize = 200;
/** So many that do not open are named; of more than that the number says enough. */
const namedMax = 20;

/**
 * Safe while everything runs, to run twice, and again after it was killed: it looks for what is not under the current key. Control
 * publishes what topics hold. Throws, once all else is done, when some do not open with the keys there are.
 */
export async function rewrapAll(config: Config, progress: (line: string) => void): Promise<RewrapCount> {
  const database = await connectDatabase({ url: config.POSTGRES_URL, poolSize: 2 });
  try {
    const rewrapper = new Rewrapper(readKeyring(config.VAULT_KEY_FILE), new SealedTexts(database), progress);
    return await rewrapper.run();
  } finally {
    await database.destroy();
  }
}

class Rewrapper {
  private readonly keyring: Keyring;
  private readonly texts: SealedTexts;
  private readonly progress: (line: string) => void;
  private readonly unreadable: string[] = [];

  constructor(keyring: Keyring, texts: SealedTexts, progress: (line: string) => void) {
    this.keyring = keyring;
    this.texts = texts;
    this.progress = progress;
  }

  async run(): Promise<RewrapCount> {
    const current = this.keyring.currentId;
    // These first: texts take over the wrapping of their workspace's key.
    const workspaceKeys = await this.texts.replaceWorkspaceKeys(current, (workspace, wrapped) =>
      this.unlessUnreadable(`workspace ${workspace}`, () => rewrapWorkspaceKey(this.keyring, workspace, wrapped)),
    );
    this.progress(`workspace keys: ${workspaceKeys}`);
    const counts: Partial<Record<SealedPlace, number>> = {};
    for (const place of sealedPlaces) counts[place] = await this.all(place, current);
    if (this.unreadable.length > 0) {
      const named = this.unreadable.slice(0, namedMax).join(', ');
      throw new Error(
        `${this.unreadable.length} do not open with the keys of the file, and stay as they are: ${named}`,
      );
    }
    return { current, 'workspace keys': workspaceKeys, ...(counts as Record<SealedPlace, number>) };
  }

  private async all(place: SealedPlace, kekId: string): Promise<number> {
    let done = 0;
    let after: string | undefined = '';
    while (after !== undefined) {
      const batch = { after, limit: batchSize, kekId };
      const { last, replaced } = await this.texts.replaceBatch(place, batch, ({ bound, sealed, workspaceKey }) =>
        this.unlessUnreadable(bound, () => rewrap(this.keyring, sealed, { bound, workspaceKey })),
      );
      done += replaced;
      after = last;
      if (last !== undefined) this.progress(`${place}: ${done}`);
    }
    return done;
  }

  private unlessUnreadable(bound: string, anew: () => string): string | undefined {
    try {
      return anew();
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.unreadable.push(bound);
      return undefined;
    }
  }
}
