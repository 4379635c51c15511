// An operator's list opens what it names and nothing else, and a list that cannot be read is refused in words.
import { afterEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { clientOf, closeAll, http, policy, request } from '../testing/destinations.ts';
import { listed } from '../testing/forbidden-urls.ts';
import { urlProblem } from './guard.ts';
import { outboundConfig, outboundPolicy } from './policy.ts';

afterEach(closeAll);

describe('an allow list', () => {
  it.each([
    ['127.0.0.1/32', ['http://127.0.0.1:3009/', 'http://2130706433/'], ['http://127.0.0.2/', 'http://localhost/']],
    ['127.0.0.1', ['http://127.0.0.1/'], ['http://[::ffff:127.0.0.1]/', 'http://127.0.0.1:25/']],
    ['10.0.0.0/8', ['https://10.255.0.1/'], ['https://11.0.0.1:22/', 'http://172.16.0.1/', 'http://[::a00:1]/']],
    ['fd00::/8,::1', ['http://[fd12::1]/', 'http://[::1]:8080/'], ['http://[fe80::1]/', 'http://[::2]/']],
    ['localhost', ['http://localhost/', 'http://LOCALHOST.:25/'], ['http://a.localhost/', 'http://127.0.0.1/']],
    [
      'hooks.internal:8443',
      ['https://hooks.internal:8443/'],
      ['https://hooks.internal/', 'https://a.hooks.internal:8443/'],
    ],
    ['hooks.internal:443', ['https://hooks.internal/'], ['http://hooks.internal/', 'ftp://hooks.internal:443/']],
    [
      'Bücher.internal',
      ['http://xn--bcher-kva.internal/'],
      ['http://bucher.internal/', 'http://u@xn--bcher-kva.internal/'],
    ],
    ['127.0.0.1:3009', ['http://127.0.0.1:3009/'], ['http://127.0.0.1:3010/', 'http://127.0.0.1/']],
    ['[::1]:3009', ['http://[::1]:3009/'], ['http://[::1]/']],
    [
      ' receiver:3009 , 10.1.0.0/16,',
      ['http://receiver:3009/', 'http://10.1.0.1/'],
      ['http://receiver/', 'http://10.2.0.1/'],
    ],
  ])('of %j opens %j and not %j', (list, open, shut) => {
    expect(open.map((url) => urlProblem(url, policy(list)))).toEqual(open.map(() => undefined));
    expect(shut.map((url) => urlProblem(url, policy(list))?.code)).toEqual(shut.map(() => 'address_forbidden'));
  });

  it.each(
    listed(`
      10.0.0.0/33 10.0.0.0/-1 10.0.0/8 ::/129 *.internal http://a.internal a.internal/path a?b u@a a:0 a:65536 a:b [::1 ::1:x
      [127.0.0.1] 256.1.1.1 1.2.3 0x7f.1 2130706433 127.1:80 ..
    `),
  )('is refused by the name of what is wrong: %s', (entry) => {
    expect(() => policy(`localhost,${entry}`)).toThrow(`"${entry}" is neither`);
  });
});

describe('the client', () => {
  it('calls a host that the list names whatever its address is, on its port only', async () => {
    const { port, connections } = await http((_incoming, answer) => answer.end('ok'));
    const open = clientOf(policy(`localhost:${port}`));
    expect(await open.send(request(`http://localhost:${port}/`), 2_000)).toMatchObject({ kind: 'answer' });
    expect(await open.send(request(`http://localhost:${port + 1}/`), 2_000)).toMatchObject({
      code: 'address_forbidden',
    });
    expect(await open.send(request(`http://127.0.0.1:${port}/`), 2_000)).toMatchObject({ code: 'address_forbidden' });
    expect(connections()).toBe(1);
  });

  it('calls any name whose addresses the list names, with the name as its host', async () => {
    const hosts: unknown[] = [];
    const { port } = await http((incoming, answer) => {
      hosts.push(incoming.headers.host);
      answer.end('ok');
    });
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const open = clientOf(policy('127.0.0.0/8'), { connectionsPerOrigin: 1, resolve });
    expect(await open.send(request(`http://hooks.example.com:${port}/`), 2_000)).toMatchObject({ kind: 'answer' });
    expect(hosts).toEqual([`hooks.example.com:${port}`]);
  });
});

describe('the configuration', () => {
  const shape = z.object(outboundConfig);

  it('allows nothing private and takes http unless it says otherwise', () => {
    expect(outboundPolicy(shape.parse({}))).toEqual({ allow: { blocks: [], hosts: [] }, allowHttp: true });
    const told = outboundPolicy(shape.parse({ OUTBOUND_ALLOW: 'a:1', OUTBOUND_ALLOW_HTTP: 'false' }));
    expect(told).toEqual({ allow: { blocks: [], hosts: [{ host: 'a', port: 1 }] }, allowHttp: false });
  });

  it('says which entry is wrong', () => {
    expect(shape.safeParse({ OUTBOUND_ALLOW: 'a,*' }).error?.issues).toMatchObject([
      { path: ['OUTBOUND_ALLOW'], message: expect.stringContaining('"*" is neither') },
    ]);
  });
});
