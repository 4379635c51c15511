// An HTTP server with the manners of a service and a few calls that do what a test asks for; and a plain client for it.
import 'reflect-metadata';
import { Controller, Delete, Get, Module, Param, Post, Put, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '@sluice/telemetry';
import type { FastifyRequest } from 'fastify';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { configureHttp, createHttpServer } from '../src/http/configure.ts';
import { JsonBody, Query } from '../src/http/parsed.ts';

const thing = z.object({
  name: z.string().min(3),
  sizes: z.array(z.number()).optional(),
  more: z.unknown().optional(),
});
const search = z.object({ q: z.string().optional(), limit: z.coerce.number().int().max(200).default(50) });

/** What the next call of /fails throws. */
export const next: { thrown: unknown } = { thrown: undefined };

@Controller('api')
class ThingsController {
  @Get('things/:id')
  one(@Param('id') id: string) {
    return { id };
  }

  @Put('things/:id')
  change(@Param('id') id: string, @JsonBody(thing) body: unknown) {
    return { id, body };
  }

  @Delete('things/:id')
  remove(@Param('id') id: string, @JsonBody(z.looseObject({})) body: unknown) {
    return { id, body };
  }

  @Post('things')
  make(@JsonBody(thing.partial()) body: unknown) {
    return { body };
  }

  @Post('texts')
  text(@Req() incoming: FastifyRequest) {
    return { text: incoming.body };
  }

  @Get('search')
  find(@Query(search) query: unknown) {
    return query;
  }

  @Get('fails')
  fail() {
    throw next.thrown;
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

export interface Call {
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export class HttpApp {
  /** Error lines of the log. */
  readonly logged: Record<string, unknown>[] = [];
  private app: NestFastifyApplication | undefined;
  private port = 0;

  async start(): Promise<void> {
    const log = { error: (fields: Record<string, unknown>) => this.logged.push(fields) } as unknown as Log;
    const settings = { logger: false, bodyParser: false, abortOnError: false } as const;
    this.app = await NestFactory.create<NestFastifyApplication>(ThingsModule, createHttpServer(), settings);
    configureHttp(this.app, log);
    await this.app.listen(0, '127.0.0.1');
    this.port = (this.app.getHttpServer().address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.app?.close();
  }

  call(method: string, path: string, { headers = {}, body = '' }: Call = {}): Promise<Answer> {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const target = { host: '127.0.0.1', port: this.port, method, path, agent: false as const };
      const sent = request({ ...target, headers: { ...length, ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const parsed: unknown = text === '' ? undefined : JSON.parse(text);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
