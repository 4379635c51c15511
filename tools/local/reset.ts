// `npm run reset`: forgets the local stack's data, logs and keys; what was fetched and installed stays.
import { rmSync } from 'node:fs';
import { textOf } from './failure.ts';
import { requireStopped } from './lock.ts';
import { placesOf, repository } from './places.ts';
import { endLeftovers } from './processes.ts';

const places = placesOf(repository);
try {
  requireStopped(places.lock);
  await endLeftovers(places.processes);
  for (const path of [places.localFile, places.postgresElsewhere, places.home])
    rmSync(path, { recursive: true, force: true });
  process.stdout.write('The local stack is reset: the next `npm start` begins with nothing in it.\n');
} catch (error) {
  process.stderr.write(`${textOf(error)}\n`);
  process.exit(1);
}
