// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Facts that the source lacks: which of its products a distribution is, and which product a package belongs to.

macro_rules! rows {
    ($($key:literal [$($product:literal)*];)*) => { &[$(($key, &[$($product),*]),)*] };
}

/// Identifiers of distributions (`model::distribution`), and the products that their releases may be of. Where there are
/// several, the name alone does not tell which.
pub(super) const PLATFORMS: &[(&str, &[&str])] = rows! {
    "almalinux" ["almalinux"];
    "alpine" ["alpine-linux"];
    "amzn" ["amazon-linux"];
    "centos" ["centos" "centos-stream"];
    "cos" ["cos"];
    "debian" ["debian"];
    "devuan" ["devuan"];
    "eurolinux" ["eurolinux"];
    "fedora" ["fedora"];
    "freebsd" ["freebsd"];
    "linuxmint" ["linuxmint"];
    "mageia" ["mageia"];
    "netbsd" ["netbsd"];
    "nixos" ["nixos"];
    "ol" ["oracle-linux"];
    "openbsd" ["openbsd"];
    "opensuse" ["opensuse"];
    "opensuse-leap" ["opensuse"];
    "openwrt" ["openwrt"];
    "photon" ["vmware-photon"];
    "poky" ["yocto"];
    "pop" ["pop-os"];
    "postmarketos" ["postmarketos"];
    "rhel" ["rhel"];
    "rocky" ["rocky-linux"];
    "slackware" ["slackware"];
    "sle-micro" ["suse-linux-micro"];
    "sled" ["sles"];
    "sles" ["sles"];
    "sles-sap" ["sles"];
    "ubuntu" ["ubuntu"];
};

/// Distributions whose first release has the bare number: `sles-15` is 15.0.
pub(super) const BARE_FIRST_RELEASE: &[&str] = &["sled", "sles", "sles-sap"];

/// Packages by type and name in the form of a package URL without version; a name ending in `/*` stands for all names in that
/// namespace. They serve where the source gives no package URL for its product.
pub(super) const PACKAGES: &[(&str, &[&str])] = rows! {
    "cargo/rust" ["rust"];
    "composer/cakephp/cakephp" ["cakephp"];
    "composer/composer/composer" ["composer"];
    "composer/contao/core-bundle" ["contao"];
    "composer/craftcms/cms" ["craft-cms"];
    "composer/drupal/core" ["drupal"];
    "composer/drupal/core-recommended" ["drupal"];
    "composer/drush/drush" ["drush"];
    "composer/guzzlehttp/guzzle" ["guzzle"];
    "composer/laravel/framework" ["laravel"];
    "composer/mautic/core" ["mautic"];
    "composer/moodle/moodle" ["moodle"];
    "composer/neos/neos" ["neos"];
    "composer/phpbb/phpbb" ["phpbb"];
    "composer/phpmyadmin/phpmyadmin" ["phpmyadmin"];
    "composer/roundcube/roundcubemail" ["roundcube"];
    "composer/shopware/core" ["shopware"];
    "composer/silverstripe/framework" ["silverstripe"];
    "composer/statamic/cms" ["statamic"];
    "composer/symfony/framework-bundle" ["symfony"];
    "composer/symfony/http-kernel" ["symfony"];
    "composer/symfony/symfony" ["symfony"];
    "composer/twig/twig" ["twig"];
    "composer/typo3/cms-core" ["typo3"];
    "gem/jekyll" ["jekyll"];
    "gem/puppet" ["puppet"];
    "gem/rails" ["ruby-on-rails"];
    "gem/railties" ["ruby-on-rails"];
    "gem/actionpack" ["ruby-on-rails"];
    "gem/activerecord" ["ruby-on-rails"];
    "gem/activesupport" ["ruby-on-rails"];
    "generic/cpython" ["python"];
    "generic/erlang" ["erlang"];
    "generic/go" ["go"];
    "generic/haproxy" ["haproxy"];
    "generic/httpd" ["apache-http-server"];
    "generic/linux" ["linux-kernel"];
    "generic/linux-kernel" ["linux-kernel"];
    "generic/mariadb" ["mariadb"];
    "generic/memcached" ["memcached"];
    "generic/mysql" ["mysql"];
    "generic/nginx" ["nginx"];
    "generic/node" ["nodejs"];
    "generic/nodejs" ["nodejs"];
    "generic/openssl" ["openssl"];
    "generic/perl" ["perl"];
    "generic/php" ["php"];
    "generic/postgresql" ["postgresql"];
    "generic/python" ["python"];
    "generic/redis" ["redis"];
    "generic/ruby" ["ruby"];
    "generic/rust" ["rust"];
    "generic/sqlite" ["sqlite"];
    "golang/github.com/containerd/containerd" ["containerd"];
    "golang/github.com/grafana/grafana" ["grafana"];
    "golang/github.com/hashicorp/consul" ["consul"];
    "golang/github.com/hashicorp/nomad" ["nomad"];
    "golang/github.com/hashicorp/terraform" ["terraform"];
    "golang/github.com/hashicorp/vault" ["hashicorp-vault"];
    "golang/github.com/prometheus/prometheus" ["prometheus"];
    "golang/istio.io/istio" ["istio"];
    "golang/k8s.io/kubernetes" ["kubernetes"];
    "golang/stdlib" ["go"];
    "golang/toolchain" ["go"];
    "hex/elixir" ["elixir"];
    "hex/phoenix" ["phoenix-framework"];
    "maven/io.dropwizard/dropwizard-core" ["dropwizard"];
    "maven/io.micronaut/micronaut-core" ["micronaut"];
    "maven/io.quarkus/quarkus-core" ["quarkus-framework"];
    "maven/log4j/log4j" ["log4j"];
    "maven/org.apache.hadoop/hadoop-common" ["apache-hadoop"];
    "maven/org.apache.kafka/kafka-clients" ["apache-kafka"];
    "maven/org.apache.logging.log4j/log4j-core" ["log4j"];
    "maven/org.apache.lucene/lucene-core" ["apache-lucene"];
    "maven/org.apache.struts/struts2-core" ["apache-struts"];
    "maven/org.apache.tomcat.embed/*" ["tomcat"];
    "maven/org.apache.tomcat/*" ["tomcat"];
    "maven/org.apache.zookeeper/zookeeper" ["zookeeper"];
    "maven/org.eclipse.jetty/jetty-server" ["eclipse-jetty"];
    "maven/org.elasticsearch/elasticsearch" ["elasticsearch"];
    "maven/org.hibernate.orm/hibernate-core" ["hibernate-orm"];
    "maven/org.hibernate/hibernate-core" ["hibernate-orm"];
    "maven/org.jetbrains.kotlin/kotlin-stdlib" ["kotlin"];
    "maven/org.jruby/jruby" ["jruby"];
    "maven/org.liquibase/liquibase-core" ["liquibase"];
    "maven/org.scala-lang/scala-library" ["scala"];
    "maven/org.springframework.boot/*" ["spring-boot"];
    "maven/org.springframework.security/*" ["spring-security"];
    "maven/org.springframework/*" ["spring-framework"];
    "npm/@angular/core" ["angular"];
    "npm/@strapi/strapi" ["strapi"];
    "npm/angular" ["angularjs"];
    "npm/bootstrap" ["bootstrap"];
    "npm/electron" ["electron"];
    "npm/ember-source" ["emberjs"];
    "npm/eslint" ["eslint"];
    "npm/express" ["express"];
    "npm/grunt" ["grunt"];
    "npm/jquery" ["jquery"];
    "npm/jquery-ui" ["jquery-ui"];
    "npm/next" ["nextjs"];
    "npm/nuxt" ["nuxt"];
    "npm/pnpm" ["pnpm"];
    "npm/protractor" ["protractor"];
    "npm/quasar" ["quasar"];
    "npm/react" ["react"];
    "npm/react-dom" ["react"];
    "npm/react-native" ["react-native"];
    "npm/svelte" ["svelte"];
    "npm/tailwindcss" ["tailwind-css"];
    "npm/vue" ["vue"];
    "npm/vuetify" ["vuetify"];
    "npm/yarn" ["yarn"];
    "nuget/Umbraco.Cms" ["umbraco"];
    "pypi/ansible" ["ansible"];
    "pypi/ansible-core" ["ansible-core"];
    "pypi/apache-airflow" ["apache-airflow"];
    "pypi/dbt-core" ["dbt-core"];
    "pypi/django" ["django"];
    "pypi/numpy" ["numpy"];
    "pypi/plone" ["plone"];
    "pypi/wagtail" ["wagtail"];
};
