// Formats mean what the standards say, and no text makes them slow.
import { describe, expect, it } from '@jest/globals';
import { formats } from './formats.ts';

const fits = (name: string, text: string): boolean => {
  const format = formats.get(name);
  if (!format) throw new Error(`no format ${name}`);
  return text.length <= format.longest && format.fits(text);
};

describe('a format', () => {
  it.each<[name: string, yes: string[], no: string[]]>([
    [
      'date-time',
      ['2024-02-29T23:59:59Z', '2024-01-01T00:00:00.123+01:00'],
      ['2023-02-29T00:00:00Z', '2024-01-01T00:00:00', '2024-01-01'],
    ],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-1-1', '20240101']],
    ['time', ['10:00:00Z', '10:00:00.5-02:00'], ['10:00:00', '25:00:00Z']],
    ['duration', ['P1Y2M3DT4H5M6S', 'P2W', 'PT1H'], ['P', 'PT', '1Y', 'P1H']],
    ['email', ['jane.doe+x@example.com'], ['jane', 'jane@example', 'a b@example.com']],
    [
      'hostname',
      ['example.com', 'a-b.example', `${'a'.repeat(63)}.b`],
      ['-a.example', 'a_b.example', `${'a'.repeat(64)}.b`],
    ],
    ['ipv4', ['127.0.0.1', '255.255.255.255'], ['256.0.0.1', '1.2.3', '01.2.3.4']],
    ['ipv6', ['::1', '2001:db8::ff00:42:8329', '::ffff:1.2.3.4'], [':::', '1::2::3', '12345::']],
    [
      'uri',
      ['https://example.com/a?b=c#d', 'mailto:jane@example.com', 'urn:isbn:1'],
      ['/a', 'example.com', 'http://a b', 'http://é', ' https://a', 'a:\n'],
    ],
    ['uuid', ['c56a4180-65aa-42ec-a945-5fd21dec0538'], ['c56a418065aa42eca9455fd21dec0538', 'c56a4180']],
    ['json-pointer', ['', '/a/0', '/a~1b/~0'], ['a', '/~2']],
  ])('%s is what the standard says', (name, yes, no) => {
    expect(yes.filter((text) => !fits(name, text))).toEqual([]);
    expect(no.filter((text) => fits(name, text))).toEqual([]);
  });

  it('is told in a time that grows with the text and no faster, for texts made to make it slow', () => {
    const pumps = ['a', '1', '1Y', 'a.', 'a-', '-', '::', 'a:', '%41', '/~0', '0', ' ', '@', '1.', '😀', '2024-01-01T'];
    const around: [string, string][] = [
      ['', ''],
      ['', '!'],
      ['P', '!'],
      ['a@', '!'],
      ['http://', ' '],
      ['/', '~'],
      ['2024-01-01T10:00:00.', '!'],
    ];
    const before = process.cpuUsage();
    let looks = 0;
    for (const [name, { longest }] of formats) {
      for (const pump of pumps) {
        for (const [head, tail] of around) {
          fits(name, (head + pump.repeat(longest)).slice(0, longest - tail.length) + tail);
          looks++;
        }
      }
    }
    // Measured at 2 microseconds a look; an exponential one would not come back.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / looks).toBeLessThan(1_000);
  });
});
