// router: events + rules -> deliveries.<connector>.
import { bootService } from '@sluice/service';
import { configShape } from './config.ts';
import { RouterModule } from './router.module.ts';

await bootService({ name: 'router', config: configShape, module: () => RouterModule });
