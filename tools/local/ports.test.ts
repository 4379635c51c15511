// Proves which ports are planned, how they are moved, and that a listener is found in the system's table.
import { describe, expect, it } from '@jest/globals';
import { listeningSockets } from './port-holder.ts';
import { defaultPorts, portsFrom, variableOf } from './ports.ts';

describe('ports', () => {
  it('gives the webhook connector the first port, and the others the next by name', () => {
    const ports = defaultPorts(['slack', 'webhook', 'hubspot']);
    expect(ports).toMatchObject({ 'connector-webhook': 3010, 'connector-hubspot': 3011, 'connector-slack': 3012 });
  });

  it('keeps the first connector port free where there is no webhook connector', () => {
    const ports = defaultPorts(['slack']);
    expect(ports['connector-slack']).toBe(3011);
    expect(ports).not.toHaveProperty('connector-webhook');
  });

  it('takes a port from the environment', () => {
    expect(variableOf('connector-slack')).toBe('SLUICE_PORT_CONNECTOR_SLACK');
    const ports = portsFrom({ SLUICE_PORT_API: '4000', SLUICE_PORT_CONNECTOR_SLACK: '4001', SLUICE_PORT_KAFKA: '' }, [
      'slack',
    ]);
    expect(ports).toMatchObject({ api: 4000, 'connector-slack': 4001, kafka: 19092 });
  });

  it.each(['abc', '0', '65536', '80.5'])('refuses %s and names the variable', (port) => {
    expect(() => portsFrom({ SLUICE_PORT_RETRY: port }, [])).toThrow(`SLUICE_PORT_RETRY is "${port}"`);
  });

  it('refuses two parts on one port and names both variables', () => {
    expect(() => portsFrom({ SLUICE_PORT_RETRY: '3000' }, [])).toThrow(
      /port 3000: set SLUICE_PORT_RETRY or SLUICE_PORT_API/,
    );
  });
});

describe('who listens', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0',
    '   1: 0100007F:0BB8 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0',
    '   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0',
  ].join('\n');

  it('counts only listeners, not connections, of that port', () => {
    expect(listeningSockets(table, 3000)).toEqual(['4711']);
    expect(listeningSockets(table, 3002)).toEqual([]);
  });
});
