# The jobs of the live tests, for a real Sidekiq. What a job has done it says by a line with
# its jid in /shared/done, so that "done or still queued" can be counted from outside.
require "sidekiq"

place = { path: ENV.fetch("BED_REDIS"), db: 1 }
Sidekiq.configure_server { |config| config.redis = place }
Sidekiq.configure_client { |config| config.redis = place }

module Done
  def done
    File.open("/shared/done", "a") { |file| file.write("#{jid}\n") }
  end
end

class Doze
  include Sidekiq::Worker
  include Done

  def perform(seconds)
    sleep seconds
    done
  end
end

# Each leaves more than itself behind until somebody says that it is enough: queues grow
# with nobody outside putting anything in.
class Breed
  include Sidekiq::Worker
  include Done

  def perform(seconds, more)
    sleep seconds
    unless File.exist?("/shared/enough")
      (more.floor + (rand < more % 1 ? 1 : 0)).times { Breed.perform_async(seconds, more) }
    end
    done
  end
end
