-- SPDX-FileCopyrightText: The Underpin authors
-- SPDX-License-Identifier: Apache-2.0

-- What the priority of a finding owes to its place. One row: a kind of place, with its rank: a tier (3 front, 2 inner, 1 back,
-- 0 remote) times 2000, plus points. The tier follows from who can reach the system and how much harm a loss would do; what is
-- used in development or tests only stands remote, a build tool at most back. Points only order findings within a level. What is
-- not known counts with care, never as the best case. From: place.
SELECT place, exposure, need, direct, scope,
  (CASE WHEN scope IN ('development', 'test') THEN 0
        WHEN scope IN ('build') THEN CASE exposure
            WHEN 'isolated' THEN CASE need WHEN 'normal' THEN 0 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END
            WHEN 'internal' THEN CASE need WHEN 'normal' THEN 1 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END
            WHEN 'partners' THEN CASE need WHEN 'normal' THEN 1 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END
            WHEN 'internet' THEN CASE need WHEN 'normal' THEN 1 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END
            ELSE CASE need WHEN 'normal' THEN 1 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END END
        WHEN scope IN ('unknown', 'runtime', 'optional') THEN CASE exposure
            WHEN 'isolated' THEN CASE need WHEN 'normal' THEN 0 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END
            WHEN 'internal' THEN CASE need WHEN 'normal' THEN 1 WHEN 'high' THEN 2 WHEN 'very-high' THEN 2 ELSE 2 END
            WHEN 'partners' THEN CASE need WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'very-high' THEN 3 ELSE 3 END
            WHEN 'internet' THEN CASE need WHEN 'normal' THEN 3 WHEN 'high' THEN 3 WHEN 'very-high' THEN 3 ELSE 3 END
            ELSE CASE need WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'very-high' THEN 3 ELSE 2 END END
        ELSE CASE exposure
            WHEN 'isolated' THEN CASE need WHEN 'normal' THEN 0 WHEN 'high' THEN 1 WHEN 'very-high' THEN 1 ELSE 1 END
            WHEN 'internal' THEN CASE need WHEN 'normal' THEN 1 WHEN 'high' THEN 2 WHEN 'very-high' THEN 2 ELSE 2 END
            WHEN 'partners' THEN CASE need WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'very-high' THEN 3 ELSE 3 END
            WHEN 'internet' THEN CASE need WHEN 'normal' THEN 3 WHEN 'high' THEN 3 WHEN 'very-high' THEN 3 ELSE 3 END
            ELSE CASE need WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'very-high' THEN 3 ELSE 2 END END
   END * 2000
   + CASE exposure WHEN 'isolated' THEN 0 WHEN 'internal' THEN 40 WHEN 'partners' THEN 70 WHEN 'internet' THEN 100 ELSE 60 END
   + CASE need WHEN 'normal' THEN 20 WHEN 'high' THEN 60 WHEN 'very-high' THEN 80 ELSE 50 END
   + CASE WHEN direct IS NULL THEN 20 WHEN direct THEN 30 ELSE 10 END
   + CASE scope WHEN 'runtime' THEN 60 WHEN 'development' THEN 10 WHEN 'test' THEN 10 WHEN 'build' THEN 30 WHEN 'optional' THEN 40 ELSE 50 END) AS standing_rank
FROM place
