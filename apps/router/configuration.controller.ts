// Tells when everything that was configured before the call is in effect here: for scripts that configure, then emit.
import { Controller, Get, Inject } from '@nestjs/common';
import { RuleCache } from './rule-cache.ts';

@Controller('health')
export class ConfigurationController {
  private readonly cache: RuleCache;

  constructor(@Inject(RuleCache) cache: RuleCache) {
    this.cache = cache;
  }

  @Get('configuration')
  async current(): Promise<{ status: 'current' }> {
    await this.cache.catchUp();
    return { status: 'current' };
  }
}
